"""Course files that come with Pacekeeper: the demonstration and two full courses."""
