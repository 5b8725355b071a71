"""Plain ASGI before the routes: who may ask at all, and how errors leave."""
