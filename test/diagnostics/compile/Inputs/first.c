int first(unsigned char *at) { return at[1]; }
