#include "Compare.h"

using namespace bpfcc;

static std::string shortened(const std::string &S) {
  constexpr size_t Most = 120;
  return S.size() <= Most ? S : S.substr(0, Most) + "...";
}

static std::string runDifference(const TestRun &A, const TestRun &B) {
  if (A.Failure != B.Failure)
    return "`" + A.Failure + "` and `" + B.Failure + "`";
  if (A.Return != B.Return)
    return "returns " + std::to_string(int32_t(A.Return)) + " and " +
           std::to_string(int32_t(B.Return));
  if (A.Packet.size() != B.Packet.size())
    return "leaves packets of " + std::to_string(A.Packet.size()) + " and " +
           std::to_string(B.Packet.size()) + " bytes";
  for (size_t I = 0; I < A.Packet.size(); ++I)
    if (A.Packet[I] != B.Packet[I])
      return "packet byte " + std::to_string(I) + " is " +
             std::to_string(A.Packet[I]) + " and " +
             std::to_string(B.Packet[I]);
  return "";
}

/// The optimiser may remove a variable that no other file sees.
static bool mayMiss(const std::string &Name) {
  return Name.compare(0, 7, "static ") == 0;
}

static std::string contentsDifference(const Contents &A, const Contents &B) {
  for (const auto &[Name, Entries] : A) {
    auto Other = B.find(Name);
    if (Other == B.end()) {
      if (mayMiss(Name))
        continue;
      return Name + " is in the first only";
    }
    size_t Least = std::min(Entries.size(), Other->second.size());
    for (size_t I = 0; I < Least; ++I)
      if (Entries[I] != Other->second[I])
        return Name + " has " + shortened(Entries[I]) + " and " +
               shortened(Other->second[I]);
    if (Entries.size() != Other->second.size())
      return Name + " has " + std::to_string(Entries.size()) + " and " +
             std::to_string(Other->second.size()) + " entries";
  }
  for (const auto &[Name, Entries] : B)
    if (!A.count(Name) && !mayMiss(Name))
      return Name + " is in the second only";
  return "";
}

Comparison bpfcc::compareWorlds(World &A, World &B,
                                const std::vector<PacketBytes> &Packets,
                                bool FirstDecides, bool WithContents) {
  Comparison Result;
  for (size_t I = 0; I < Packets.size(); ++I) {
    TestRun RunA = A.run(Packets[I]);
    Result.Ran += RunA.Failure.empty();
    if (!RunA.Failure.empty() && FirstDecides)
      continue;
    Result.Difference = runDifference(RunA, B.run(Packets[I]));
    if (!Result.Difference.empty()) {
      Result.Difference =
          "packet " + std::to_string(I) + ": " + Result.Difference;
      return Result;
    }
  }
  if (WithContents)
    Result.Difference = contentsDifference(A.contents(), B.contents());
  return Result;
}
