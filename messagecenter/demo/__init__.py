"""The demo: a whole marketplace on this machine, made of invented people, stores, products and orders."""
