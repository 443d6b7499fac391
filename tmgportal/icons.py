"""Line drawings on a grid of 24, our own. Colour and width come from the style sheet (`.icon`)."""

ICONS = {
    "external": "M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5",
    "cross": "M6 6l12 12M18 6L6 18",
    "back": "M19 12H5M11 6l-6 6 6 6",
    "mail": "M3 6h18v12H3zM3 7l9 6 9-6",
    "phone": "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1",
    "up": "M12 19V5M6 11l6-6 6 6",
    "down": "M12 5v14M6 13l6 6 6-6",
}
