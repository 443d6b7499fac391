"""An invented world to try the portal in: 300 operators, their words and their pictures. No real person or company.

`operators.everybody()` gives them, always the same; `manage.py load_demonstration` brings them into the database.
"""
