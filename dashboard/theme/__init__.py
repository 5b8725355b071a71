"""What a contest folder brings of its own to be seen: styles, pictures, and scenes."""
