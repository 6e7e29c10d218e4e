#include "backend/btf/BtfEncode.h"

namespace bpfcc::btf {

Type encodeType(const BtfFile::Type &T, Writer &W,
                llvm::function_ref<uint32_t(uint32_t)> IdOf) {
  Type Out;
  Out.K = T.K;
  Out.Flag = T.Flag;
  Out.Name = W.string(T.Name);
  Out.Length = T.K == KindFunc ? T.Linkage : uint32_t(T.Members.size());
  switch (T.K) {
  case KindInt:
    Out.SizeOrType = T.Size;
    Out.Words = {T.Encoding << 24 | T.Bits};
    return Out;
  case KindFloat:
    Out.SizeOrType = T.Size;
    return Out;
  case KindFwd:
    return Out;
  case KindArray:
    Out.Words = {IdOf(T.Target), IdOf(T.Index), T.Size};
    return Out;
  case KindStruct:
  case KindUnion:
    Out.SizeOrType = T.Size;
    Out.Words.reserve(T.Members.size() * 3);
    for (const BtfFile::Member &M : T.Members)
      Out.Words.insert(Out.Words.end(), {W.string(M.Name), IdOf(M.Type),
                                         uint32_t(M.Offset) | M.Size << 24});
    return Out;
  case KindEnum:
    Out.SizeOrType = T.Size;
    for (const BtfFile::Member &M : T.Members)
      Out.Words.insert(Out.Words.end(), {W.string(M.Name), uint32_t(M.Value)});
    return Out;
  case KindEnum64:
    Out.SizeOrType = T.Size;
    for (const BtfFile::Member &M : T.Members)
      Out.Words.insert(Out.Words.end(), {W.string(M.Name), uint32_t(M.Value),
                                         uint32_t(uint64_t(M.Value) >> 32)});
    return Out;
  case KindFuncProto:
    Out.SizeOrType = IdOf(T.Target);
    for (const BtfFile::Member &M : T.Members)
      Out.Words.insert(Out.Words.end(), {W.string(M.Name), IdOf(M.Type)});
    return Out;
  case KindVar:
    Out.SizeOrType = IdOf(T.Target);
    Out.Words = {T.Linkage};
    return Out;
  case KindDeclTag:
    Out.SizeOrType = IdOf(T.Target);
    Out.Words = {uint32_t(T.Component)};
    return Out;
  default:
    Out.SizeOrType = IdOf(T.Target);
    return Out;
  }
}

} // namespace bpfcc::btf
