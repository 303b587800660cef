"""The look: base templates, components, form rendering, CSS and the little JavaScript there is."""
