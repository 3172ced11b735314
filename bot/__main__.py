"""`python -m bot` is the same as `engagement-bot`."""

from bot.start import main

main()
