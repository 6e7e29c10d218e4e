struct settings {
  int number;
  char name[8];
};
