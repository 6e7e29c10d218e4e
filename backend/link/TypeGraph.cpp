#include "backend/link/TypeGraph.h"

namespace bpfcc::link {

using namespace llvm;
using namespace btf;

bool isForward(const BtfFile::Type &T) {
  return T.K == KindFwd ||
         (T.K == KindEnum && T.Members.empty() && !T.Name.empty());
}

void forEachReference(const BtfFile::Type &T,
                      function_ref<void(uint32_t)> Visit) {
  switch (T.K) {
  case KindArray:
    Visit(T.Target);
    Visit(T.Index);
    return;
  case KindFuncProto:
    Visit(T.Target);
    [[fallthrough]];
  case KindStruct:
  case KindUnion:
  case KindDatasec:
    for (const BtfFile::Member &M : T.Members)
      Visit(M.Type);
    return;
  case KindVoid:
  case KindInt:
  case KindFloat:
  case KindEnum:
  case KindEnum64:
  case KindFwd:
    return;
  default:
    Visit(T.Target);
    return;
  }
}

uint64_t labelHash(const BtfFile::Type &T) {
  uint64_t H = mixHash(0, uint64_t(T.K) << 32 | uint64_t(T.Flag) << 16 |
                              T.Encoding << 8 | T.Bits);
  H = mixHash(H, uint64_t(T.Size) << 32 | uint32_t(T.Component));
  H = mixHash(H, T.Linkage);
  if (!T.Name.empty())
    H = mixHash(H, xxh3_64bits(T.Name));
  for (const BtfFile::Member &M : T.Members) {
    H = mixHash(H, xxh3_64bits(M.Name));
    H = mixHash(H, M.Offset << 32 | M.Size);
    if (M.Value)
      H = mixHash(H, uint64_t(M.Value));
  }
  return mixHash(H, T.Members.size());
}

bool sameLabel(const BtfFile::Type &A, const BtfFile::Type &B) {
  auto Key = [](const BtfFile::Type &T) {
    return std::tuple(T.K, T.Flag, T.Size, T.Encoding, T.Bits, T.Linkage,
                      T.Component, T.Members.size());
  };
  if (Key(A) != Key(B) || A.Name != B.Name)
    return false;
  for (size_t N = 0; N != A.Members.size(); ++N) {
    const BtfFile::Member &X = A.Members[N], &Y = B.Members[N];
    if (X.Offset != Y.Offset || X.Size != Y.Size || X.Value != Y.Value ||
        X.Name != Y.Name)
      return false;
  }
  return true;
}

TypeGraph::TypeGraph(const TypePool &Pool)
    : Pool(Pool), Types(Pool.types().Types), Labels(Types.size()) {
  Traits.reserve(Types.size());
  for (const BtfFile::Type &T : Types) {
    bool IsEnum = T.K == KindEnum || T.K == KindEnum64;
    Traits.push_back(uint8_t((link::isRecord(T.K) ? Record : 0) |
                             (link::isForward(T) ? Forward : 0) |
                             (IsEnum ? Enum : 0)));
  }
}

ArrayRef<uint32_t> TypeGraph::users(uint32_t Node) {
  if (UserStart.empty())
    findUsers();
  return ArrayRef(UserList).slice(UserStart[Node],
                                  UserStart[Node + 1] - UserStart[Node]);
}

void TypeGraph::findUsers() {
  UserStart.assign(size() + 1, 0);
  auto ForEachEdge = [&](auto Visit) {
    for (uint32_t N = 1; N != size(); ++N)
      forEachTarget(N, [&](uint32_t To) { Visit(N, To); });
  };
  ForEachEdge([&](uint32_t, uint32_t To) { ++UserStart[To + 1]; });
  for (uint32_t N = 0; N != size(); ++N)
    UserStart[N + 1] += UserStart[N];
  UserList.resize(UserStart.back());
  std::vector<uint32_t> Next(UserStart.begin(), UserStart.end() - 1);
  ForEachEdge([&](uint32_t From, uint32_t To) { UserList[Next[To]++] = From; });
}

} // namespace bpfcc::link
