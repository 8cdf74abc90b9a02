"""Bytes under their digest, rows and transactions. Knows nothing of IMAP, MIME, SMTP or what a requirement means."""
