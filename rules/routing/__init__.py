"""Which of several notices a mail answers, and which of them each of its files."""
