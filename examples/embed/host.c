// SPDX-License-Identifier: Apache-2.0
// Runs guard.bpf.c on a capture, inside this program: host guard.o office.pcap

#include <bpfcc/runtime.h>

#include <stdio.h>
#include <stdlib.h>

enum { XDP_DROP = 1 };

// The helper of the BPF program: sources outside 10.0.0.0/8 are not welcome.
static uint64_t is_welcome(bpfcc_helper_call *call, const uint64_t *args,
                           void *asked) {
  (void)call;
  ++*(unsigned *)asked;
  return (args[0] & 0xff) == 10; // the first byte of an address in memory
}

static int give_up(bpfcc_error *error) {
  fputs(bpfcc_error_text(error), stderr);
  bpfcc_error_free(error);
  return EXIT_FAILURE;
}

int main(int argc, char **argv) {
  if (argc != 3)
    return fputs("usage: host OBJECT CAPTURE\n", stderr), EXIT_FAILURE;
  bpfcc_error *error = NULL;
  bpfcc_object *object = bpfcc_object_open(argv[1], NULL, &error);
  if (!object)
    return give_up(error);
  unsigned asked = 0;
  bpfcc_host_helper helper = {.name = "is_welcome",
                              .num_args = 1,
                              .function = is_welcome,
                              .user = &asked};
  bpfcc_options options = {
      .size = sizeof options, .helpers = &helper, .num_helpers = 1};
  bpfcc_instance *world = bpfcc_object_load(object, &options, &error);
  bpfcc_program *guard =
      world ? bpfcc_find_program(world, "guard", &error) : NULL;
  bpfcc_map *sources = guard ? bpfcc_find_map(world, "sources", &error) : NULL;
  if (!sources)
    return give_up(error);

  // A pcap file: 24 bytes, then 16 before each packet, which begin with its
  // time and its size.
  FILE *capture = fopen(argv[2], "rb");
  if (!capture)
    return perror(argv[2]), EXIT_FAILURE;
  static unsigned char packet[65535];
  uint32_t header[4];
  unsigned packets = 0, drops = 0;
  fseek(capture, 24, SEEK_SET);
  while (fread(header, sizeof header, 1, capture) == 1 &&
         header[2] <= sizeof packet &&
         fread(packet, 1, header[2], capture) == header[2]) {
    bpfcc_result result = {.size = sizeof result};
    if (bpfcc_program_run(guard, packet, header[2], &result, &error))
      return give_up(error);
    packets++;
    drops += result.r0 == XDP_DROP;
  }
  fclose(capture);
  printf("%u packets, %u dropped, %u questions\n", packets, drops, asked);

  unsigned char address[4], next[4];
  const unsigned char *last = NULL;
  while (!bpfcc_map_next_key(sources, last, next, sizeof next, NULL)) {
    uint64_t count = 0;
    last = __builtin_memcpy(address, next, sizeof address);
    bpfcc_map_lookup(sources, last, sizeof address, &count, sizeof count, NULL);
    printf("%u.%u.%u.%u: %llu\n", address[0], address[1], address[2],
           address[3], (unsigned long long)count);
  }
  bpfcc_instance_free(world);
  bpfcc_object_free(object);
  return EXIT_SUCCESS;
}
