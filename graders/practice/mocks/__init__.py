"""Mock interviews: rounds of exercises, and spoken rounds."""
