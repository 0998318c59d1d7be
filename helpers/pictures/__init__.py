"""Static pictures: one style, labelled, with words for those who cannot see them."""
