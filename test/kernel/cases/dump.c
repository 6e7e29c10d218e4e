// The cases of the kernel's test_verifier as JSON, one a line: what the test says of
// each, its instructions as numbers, and at which of them each kind of map is named.
// Compiled with the tree's test_verifier.c, of which it takes the table.
#define main main_of_test_verifier
#include "test_verifier.c"
#undef main

static void text(const char *name, const char *s) {
  printf("\"%s\": \"", name);
  for (; s && *s; ++s)
    if (*s == '"' || *s == '\\')
      printf("\\%c", *s);
    else if ((unsigned char)*s < ' ')
      printf("\\u%04x", *s);
    else
      putchar(*s);
  printf("\", ");
}

static void places(const char *name, const int *at) {
  printf("\"%s\": [", name);
  for (int i = 0; i < MAX_FIXUPS && at[i]; ++i)
    printf("%s%d", i ? ", " : "", at[i]);
  printf("], ");
}

int main(void) {
  for (unsigned n = 0; n < ARRAY_SIZE(tests); ++n) {
    struct bpf_test *t = &tests[n];
    struct bpf_insn *code = t->insns;
    int length;
    if (t->fill_helper) {
      code = t->fill_insns = calloc(MAX_TEST_INSNS, sizeof *code);
      t->fill_helper(t);
      length = t->prog_len;
    } else {
      length = probe_filter_length(t->insns);
    }
    printf("{");
    text("name", t->descr);
    text("message", t->errstr);
    text("function", t->kfunc);
    printf("\"refused\": %s, ", t->result == REJECT ? "true" : "false");
    printf("\"type\": %d, \"attach\": %d, \"flags\": %d, ", t->prog_type,
           t->expected_attach_type, t->flags);
    printf("\"kfuncs\": %s, ", t->fixup_kfunc_btf_id[0].kfunc ? "true" : "false");
    printf("\"maps\": {");
#define MAP(name) places(#name, t->fixup_##name)
    MAP(map_hash_8b);
    MAP(map_hash_48b);
    MAP(map_hash_16b);
    MAP(map_array_48b);
    MAP(map_sockmap);
    MAP(map_sockhash);
    MAP(map_xskmap);
    MAP(map_stacktrace);
    MAP(prog1);
    MAP(prog2);
    MAP(map_in_map);
    MAP(cgroup_storage);
    MAP(percpu_cgroup_storage);
    MAP(map_spin_lock);
    MAP(map_array_ro);
    MAP(map_array_wo);
    MAP(map_array_small);
    MAP(sk_storage_map);
    MAP(map_event_output);
    MAP(map_reuseport_array);
    MAP(map_ringbuf);
    MAP(map_timer);
    MAP(map_kptr);
    printf("\"none\": []}, \"code\": [");
    for (int i = 0; i < length; ++i) {
      unsigned long long word;
      memcpy(&word, code + i, sizeof word);
      printf("%s%llu", i ? ", " : "", word);
    }
    printf("]}\n");
  }
}
