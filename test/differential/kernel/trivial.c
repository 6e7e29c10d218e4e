// What any kernel with bpf(2) takes: the runner's probe.
__attribute__((section("socket"), used)) int trivial(void *skb) { return 0; }
