"""To-dos: what a person has to look at, from failures, cadences and colleagues."""
