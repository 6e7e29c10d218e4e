// SPDX-License-Identifier: Apache-2.0
// The same host in C++, on one packet: host guard.o

#include <bpfcc/runtime.hpp>

#include <cstdio>
#include <cstring>

using namespace bpfcc::runtime;

int main(int argc, char **argv) {
  if (argc != 2)
    return std::fputs("usage: host OBJECT\n", stderr), 1;
  auto object = Object::open(argv[1]);
  if (!object)
    return std::fputs(object.error().text(), stderr), 1;

  unsigned asked = 0;
  Options options;
  options.Plain.engine = BPFCC_ENGINE_LLVM;
  options.Helpers.push_back(
      {0, "is_welcome", 1, [&](bpfcc_helper_call *, const uint64_t *args) {
         ++asked;
         return uint64_t((args[0] & 0xff) == 10);
       }});
  auto world = Instance::load(*object, std::move(options));
  if (!world)
    return std::fputs(world.error().text(), stderr), 1;
  auto guard = world->program();
  auto sources = world->map("sources");
  if (!guard || !sources)
    return 1;

  unsigned char packet[34] = {};
  packet[12] = 8;                                  // IPv4
  std::memcpy(packet + 26, "\xc0\x00\x02\x01", 4); // from 192.0.2.1
  for (int n = 0; n != 3; ++n) {
    auto result = guard->run(packet, sizeof packet);
    if (!result)
      return std::fputs(result.error().text(), stderr), 1;
    std::printf("%s after %llu instructions\n",
                guard->verdict(result->r0).c_str(),
                static_cast<unsigned long long>(result->instructions));
  }
  sources->forEachKey<uint32_t>([&](uint32_t address) {
    uint64_t count = 0;
    sources->lookup(address, count);
    std::printf("%08x: %llu\n", address,
                static_cast<unsigned long long>(count));
  });
  std::printf("%u questions\n", asked);
  return 0;
}
