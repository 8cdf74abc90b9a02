"""What several readers share: containers, old binary formats, pages, grids and prose."""
