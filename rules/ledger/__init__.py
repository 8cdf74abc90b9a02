"""The ledger of one requirement over many mails: which version counts, and what the unit itself said about them."""
