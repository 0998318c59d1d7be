"""What all explorers share: sliders, the view that the browser draws, panels, and the picture on paper."""
