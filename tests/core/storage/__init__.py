"""What the core keeps on the disk, tested on real files."""
