"""What anyone may read of the centre: the hall, its services, the texts of the pages."""
