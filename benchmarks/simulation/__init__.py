"""A campaign of six weeks on a fast clock: invented units that know nothing but what our letters say.

`play` runs it (real IMAP and SMTP, the real cycle and commands), `robot` is a unit, `coordinator` the person in
the office, `record` what could be seen from outside, `referee` judges that by its own reckoning.
"""
