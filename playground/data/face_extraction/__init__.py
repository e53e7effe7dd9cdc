"""Faces out of photos and videos: found, aligned by the eyes, judged, and laid into a folder that is a data set."""
