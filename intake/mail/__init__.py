"""Mail in and out: fetching, parsing, classing, the gates of answering, composing, sending."""
