"""`python -m bot` is the same as `engagement-bot`."""

from bot.cli import main

main()
