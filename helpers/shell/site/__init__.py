"""The course as a web site: a landing page, the notebooks to read, and the notebooks to run in the browser."""
