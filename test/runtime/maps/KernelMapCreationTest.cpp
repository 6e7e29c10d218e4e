// Definitions of maps that the kernel takes we take, and no others.

#include "KernelMapRows.h"
#include "support/Diagnostic.h"

#include <gtest/gtest.h>

#include <linux/bpf.h>
#include <random>

using namespace bpfcc;

namespace {

/// A row with some of its numbers changed: a definition that the kernel may
/// or may not take.
TEST(KernelMaps, CreationRules) {
  std::vector<Row> Rows;
  for (const Row &R : mapRows())
    if (!KernelMap(R.def()).error())
      Rows.push_back(R);
  if (Rows.empty())
    GTEST_SKIP() << "bpf(2) is refused here";
  std::mt19937 Random(7);
  auto OneOf = [&](const auto &All) { return All[Random() % std::size(All)]; };
  const uint32_t Sizes[] = {0,  1,   4,   5,   8,    12,   16,   24,   32,
                            64, 260, 261, 512, 1016, 1024, 4096, 4104, 40000};
  const uint32_t Entries[] = {0, 1, 3, 16, 4096, 8192, 5000};
  unsigned NumTaken = 0;
  for (unsigned I = 0; I != 4000; ++I) {
    Row R = OneOf(Rows);
    if (Random() % 4 == 0)
      R.Key = OneOf(Sizes);
    if (Random() % 2)
      R.Value = OneOf(Sizes);
    // The kernel's most CPUs bound a cpumap.
    if (Random() % 4 == 0 && R.Type != BPF_MAP_TYPE_CPUMAP)
      R.Max = OneOf(Entries);
    if (Random() % 2)
      R.Flags ^= 1u << Random() % 13;
    if (Random() % 8 == 0)
      R.Flags ^= 1u << Random() % 13;
    MapDef D = R.def();
    if (Random() % 8 == 0)
      D.Extra = Random() % 4 ? Random() % 20 : 0x100000;
    if (uint64_t(D.MaxEntries) * (D.ValueSize + D.KeySize) > 4 << 20)
      continue;
    // The number of the node would be asked for too.
    if (D.Flags & BPF_F_NUMA_NODE)
      continue;
    Memory Mem(false);
    auto Ours = createMap(D, Mem);
    KernelMap Theirs(D);
    NumTaken += bool(Ours);
    EXPECT_EQ(Theirs.error() == 0, bool(Ours))
        << R.Name << " key " << D.KeySize << " value " << D.ValueSize
        << " entries " << D.MaxEntries << " flags " << D.Flags << " extra "
        << D.Extra << ": " << (Ours ? "" : takeMessages(Ours.takeError()))
        << " kernel: " << Theirs.error();
    if (!Ours)
      consumeError(Ours.takeError());
  }
  EXPECT_GT(NumTaken, 500u);
}

} // namespace
