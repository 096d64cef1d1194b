"""Where people get stuck: signs by week and by item, and what may mend them."""
