"""From text to typed values: words, options, dates, names of clients and agreements."""
