"""What clients disclose: regulations, questionnaires, insurance requirements."""
