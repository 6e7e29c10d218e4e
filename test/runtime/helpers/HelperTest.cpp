#include "World.h"

#include <cerrno>

using namespace bpfcc;

namespace {

constexpr uint32_t Hash = 1, Array = 2, PerfEvents = 4, DevMap = 14, Queue = 22,
                   RingBufType = 27;

TEST(Helpers, MapsKeepWhatIsPutIn) {
  World W(true);
  uint64_t M = mapAddress(W.addMap(Hash, 4, 8, 2));
  uint64_t Key = W.Base, Value = W.Base + 8;
  W.Bytes[3] = 5;
  W.Bytes[15] = 77;
  EXPECT_EQ(0, W.call("bpf_map_lookup_elem", {M, Key}));
  EXPECT_EQ(0, W.call("bpf_map_update_elem", {M, Key, Value, 0}));
  EXPECT_EQ(-EEXIST, W.call("bpf_map_update_elem", {M, Key, Value, 1}));
  uint64_t Guest = uint64_t(W.call("bpf_map_lookup_elem", {M, Key}));
  EXPECT_EQ(77u, W.Mem.load(W.Mem.at(Guest, 8, false), 8));
  EXPECT_EQ(0, W.call("bpf_map_delete_elem", {M, Key}));
  EXPECT_EQ(-ENOENT, W.call("bpf_map_delete_elem", {M, Key}));
}

TEST(Helpers, ErrorsNameHelperArgumentAndPlace) {
  World W;
  uint64_t M = mapAddress(W.addMap(Hash, 4, 8, 2));
  EXPECT_EQ("bpf_map_lookup_elem: argument 2 must point to 4 bytes to read, "
            "not to stack+510",
            W.error("bpf_map_lookup_elem", {M, W.Base + 510}));
  EXPECT_EQ("bpf_map_lookup_elem: argument 1 is no map but stack+0",
            W.error("bpf_map_lookup_elem", {W.Base, W.Base}));
  EXPECT_EQ("bpf_get_current_comm: argument 2 is a size of 0 bytes",
            W.error("bpf_get_current_comm", {W.Base, 0}));
  EXPECT_EQ("bpf_get_current_comm: argument 2 is a size of -1 bytes",
            W.error("bpf_get_current_comm", {W.Base, ~0ull}));
  EXPECT_EQ("bpf_bind: has no meaning in user space",
            W.error("bpf_bind", {W.Base, W.Base, 16}));
  uint64_t Constant = W.Mem.add(16, Memory::ReadOnly, ".rodata");
  EXPECT_EQ("bpf_get_current_comm: argument 1 must point to 16 bytes to write, "
            "not to .rodata+0, which is read-only",
            W.error("bpf_get_current_comm", {Constant, 16}));
  auto None = callHelper(W.Env, 5000, {});
  EXPECT_EQ("no helper has number 5000", takeMessages(None.takeError()));
}

TEST(Helpers, EveryOtherHelperIsRefusedOrChecked) {
  // Arguments that mean nothing: an error or a negative result, no crash.
  for (unsigned Id = 1; target::helperById(Id); ++Id) {
    World W;
    W.addMap(Hash, 4, 8, 2);
    for (uint64_t V : {uint64_t(0), W.Base, mapAddress(0), UINT64_MAX}) {
      auto R = callHelper(W.Env, Id, {V, V, V, V, V});
      if (!R)
        llvm::consumeError(R.takeError());
    }
  }
}

TEST(Helpers, ReadOnlyMapsRefuseWrites) {
  World W;
  constexpr uint32_t ReadOnlyProg = 1 << 7;
  uint64_t M = mapAddress(W.addMap(Array, 4, 8, 1, ReadOnlyProg));
  EXPECT_EQ("bpf_map_update_elem: map `m` is read-only for programs",
            W.error("bpf_map_update_elem", {M, W.Base, W.Base, 0}));
  uint64_t Guest = uint64_t(W.call("bpf_map_lookup_elem", {M, W.Base}));
  EXPECT_FALSE(W.Mem.at(Guest, 8, true));
}

TEST(Helpers, QueuesPopInOrder) {
  World W;
  uint64_t M = mapAddress(W.addMap(Queue, 0, 4, 2));
  for (uint8_t V : {1, 2}) {
    W.Bytes[0] = V;
    EXPECT_EQ(0, W.call("bpf_map_push_elem", {M, W.Base, 0}));
  }
  EXPECT_EQ(-E2BIG, W.call("bpf_map_push_elem", {M, W.Base, 0}));
  EXPECT_EQ(0, W.call("bpf_map_peek_elem", {M, W.Base + 8}));
  EXPECT_EQ(0, W.call("bpf_map_pop_elem", {M, W.Base + 8}));
  EXPECT_EQ(1, W.Bytes[8]);
}

TEST(Helpers, LoopAndForEachCallBack) {
  World W;
  std::vector<uint64_t> Seen;
  auto Note = [&](uint64_t, llvm::ArrayRef<uint64_t> Args) {
    Seen.push_back(Args.size() == 4 ? W.Mem.load(W.Mem.at(Args[1], 4, false), 4)
                                    : Args[0]);
    return llvm::Expected<uint64_t>(Seen.size() == 3);
  };
  W.Env.CallBack = Note;
  EXPECT_EQ(3, W.call("bpf_loop", {10, 1, 2, 0}));
  EXPECT_EQ((std::vector<uint64_t>{0, 1, 2}), Seen);
  EXPECT_EQ(-EINVAL, W.call("bpf_loop", {10, 1, 2, 1}));
  EXPECT_EQ(-E2BIG, W.call("bpf_loop", {1 << 24, 1, 2, 0}));
  Seen.clear();
  uint64_t M = mapAddress(W.addMap(Array, 4, 4, 5));
  EXPECT_EQ(3, W.call("bpf_for_each_map_elem", {M, 1, 2, 0}));
  EXPECT_EQ((std::vector<uint64_t>{0, 1, 2}), Seen);
}

TEST(Helpers, RingBufferRecordsAreEvents) {
  World W;
  uint32_t N = W.addMap(RingBufType, 0, 0, 4096);
  uint64_t M = mapAddress(N);
  uint64_t Record = uint64_t(W.call("bpf_ringbuf_reserve", {M, 8, 0}));
  ASSERT_TRUE(W.Mem.at(Record, 8, true));
  *W.Mem.at(Record, 8, true) = 9;
  EXPECT_TRUE(W.Env.Events.empty());
  EXPECT_EQ(0, W.call("bpf_ringbuf_submit", {Record, 0}));
  ASSERT_EQ(1u, W.Env.Events.size());
  EXPECT_EQ(N, W.Env.Events[0].Map);
  EXPECT_EQ(9, W.Env.Events[0].Bytes[0]);
  EXPECT_NE("no error", W.error("bpf_ringbuf_submit", {Record, 0}));
  Record = uint64_t(W.call("bpf_ringbuf_reserve", {M, 8, 0}));
  EXPECT_EQ(0, W.call("bpf_ringbuf_discard", {Record, 0}));
  EXPECT_EQ(1u, W.Env.Events.size());
  W.Env.KeepEvents = false;
  EXPECT_EQ(0, W.call("bpf_ringbuf_output", {M, W.Base, 4, 0}));
  EXPECT_EQ(1u, W.Env.Events.size());
  EXPECT_EQ(2u, W.Env.NumEvents[N]);
  EXPECT_EQ(-EINVAL, W.call("bpf_ringbuf_output", {M, W.Base, 4, 64}));
  EXPECT_EQ(4096, W.call("bpf_ringbuf_query", {M, 1}));
}

TEST(Helpers, PerfEventsTakeThePacketToo) {
  World W;
  W.addPacket({1, 2, 3, 4}, true);
  uint64_t M = mapAddress(W.addMap(PerfEvents, 4, 4, 4));
  uint64_t Current = 0xffffffff;
  W.Bytes[0] = 42;
  EXPECT_EQ(0, W.call("bpf_perf_event_output",
                      {W.Pkt.Ctx, M, Current | 3ull << 32, W.Base, 1}));
  EXPECT_EQ((std::vector<uint8_t>{42, 1, 2, 3}), W.Env.Events[0].Bytes);
  EXPECT_EQ(-EFAULT, W.call("bpf_perf_event_output",
                            {W.Pkt.Ctx, M, 5ull << 32, W.Base, 1}));
  EXPECT_EQ(-E2BIG,
            W.call("bpf_perf_event_output", {W.Pkt.Ctx, M, 4, W.Base, 1}));
}

TEST(Helpers, ProbeReadsGiveFaultsAndCutStrings) {
  World W;
  uint64_t S = W.text(100, "hello");
  EXPECT_EQ(6, W.call("bpf_probe_read_kernel_str", {W.Base, 32, S}));
  EXPECT_STREQ("hello", reinterpret_cast<char *>(W.Bytes.data()));
  EXPECT_EQ(3, W.call("bpf_probe_read_kernel_str", {W.Base, 3, S}));
  EXPECT_STREQ("he", reinterpret_cast<char *>(W.Bytes.data()));
  EXPECT_EQ(-EFAULT, W.call("bpf_probe_read", {W.Base, 4, 64}));
  EXPECT_EQ(0, W.Bytes[0]);
  EXPECT_EQ(0, W.call("bpf_probe_read_user", {W.Base, 5, S}));
  EXPECT_EQ('o', W.Bytes[4]);
}

TEST(Helpers, NumbersAreParsedAsTheKernelDoes) {
  World W;
  auto Parse = [&](const char *Name, const char *Text, uint64_t Base) {
    uint64_t S = W.text(100, Text);
    int64_t R = W.call(Name, {S, strlen(Text), Base, W.Base});
    return std::pair(R, int64_t(W.Mem.load(&W.Bytes[0], 8)));
  };
  using P = std::pair<int64_t, int64_t>;
  EXPECT_EQ(P(5, -123), Parse("bpf_strtol", " -123", 10));
  EXPECT_EQ(P(4, 0x1f), Parse("bpf_strtol", "0x1f", 0));
  EXPECT_EQ(P(3, 8), Parse("bpf_strtoul", "010x", 0));
  EXPECT_EQ(P(-EINVAL, 0), Parse("bpf_strtoul", "-1", 10));
  EXPECT_EQ(P(-EINVAL, 0), Parse("bpf_strtol", "x", 10));
  EXPECT_EQ(P(-EINVAL, 0), Parse("bpf_strtol", "1", 7));
  EXPECT_EQ(P(-ERANGE, 0), Parse("bpf_strtol", "9223372036854775808", 10));
  EXPECT_EQ(P(20, INT64_MIN), Parse("bpf_strtol", "-9223372036854775808", 10));
  EXPECT_EQ(P(-ERANGE, 0), Parse("bpf_strtoul", "99999999999999999999", 10));
}

TEST(Helpers, PrintkFormats) {
  World W;
  std::string Out;
  llvm::raw_string_ostream Trace(Out);
  W.Env.Trace = &Trace;
  auto Print = [&](const char *Format, uint64_t A, uint64_t B) {
    Out.clear();
    uint64_t F = W.text(100, Format);
    int64_t R = W.call("bpf_trace_printk", {F, strlen(Format) + 1, A, B, 7});
    return R < 0 ? std::to_string(R) : Out;
  };
  EXPECT_EQ("a -1 4294967295\n", Print("a %d %u\n", ~0ull, ~0ull));
  EXPECT_EQ("0000ff|7   %\n", Print("%06x|%-4d%%", 255, 7));
  EXPECT_EQ("-1 x\n", Print("%lld %c", ~0ull, 'x'));
  EXPECT_EQ("-22", Print("%f", 1, 2));
  EXPECT_EQ("-22", Print("%d %d %d %d", 1, 2));
  EXPECT_EQ("-22", Print("%5-3d", 1, 2));
  W.text(300, "name");
  EXPECT_EQ("[  name]\n", Print("[%6s]", W.Base + 300, 0));
  EXPECT_EQ("[]\n", Print("[%s]", 64, 0));
  W.Bytes[400] = 10;
  W.Bytes[403] = 1;
  EXPECT_EQ("10.0.0.1\n", Print("%pI4", W.Base + 400, 0));
}

TEST(Helpers, SnprintfGivesTheWholeLength) {
  World W;
  uint64_t F = W.text(100, "%d-%s");
  W.text(120, "text");
  W.Mem.store(&W.Bytes[200], 8, 12);
  W.Mem.store(&W.Bytes[208], 8, W.Base + 120);
  EXPECT_EQ(8, W.call("bpf_snprintf", {W.Base, 6, F, W.Base + 200, 16}));
  EXPECT_STREQ("12-te", reinterpret_cast<char *>(W.Bytes.data()));
  EXPECT_EQ(-EINVAL, W.call("bpf_snprintf", {W.Base, 6, F, W.Base + 200, 8}));
}

TEST(Helpers, DynptrsKeepTheirBounds) {
  World W;
  uint64_t Value = W.Base + 64, D = W.Base, Buffer = W.Base + 256;
  EXPECT_EQ(0, W.call("bpf_dynptr_from_mem", {Value, 32, 0, D}));
  W.Bytes[256] = 9;
  EXPECT_EQ(0, W.call("bpf_dynptr_write", {D, 31, Buffer, 1, 0}));
  EXPECT_EQ(9, W.Bytes[64 + 31]);
  EXPECT_EQ(-E2BIG, W.call("bpf_dynptr_write", {D, 31, Buffer, 2, 0}));
  EXPECT_EQ(int64_t(Value + 4), W.call("bpf_dynptr_data", {D, 4, 28}));
  EXPECT_EQ(0, W.call("bpf_dynptr_data", {D, 4, 29}));
}

TEST(Helpers, RedirectMapFallsBackToItsFlags) {
  World W;
  W.addPacket(std::vector<uint8_t>(60), true);
  uint32_t N = W.addMap(DevMap, 4, 4, 4);
  EXPECT_EQ(2, W.call("bpf_redirect_map", {mapAddress(N), 1, 2}));
  uint8_t Key[4] = {1}, Value[4] = {7};
  EXPECT_EQ(0, W.Maps[N]->update(Key, Value, 0, 0));
  EXPECT_EQ(4, W.call("bpf_redirect_map", {mapAddress(N), 1, 2}));
  EXPECT_EQ(1u, W.Pkt.Redirect);
}

} // namespace
