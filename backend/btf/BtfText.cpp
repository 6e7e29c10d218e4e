#include "backend/btf/BtfText.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace bpfcc {

using namespace llvm;
using namespace btf;

namespace {

/// Spells types from the inside out, as C's declarators go:
/// `f` -> `(*f)` -> `(*f)(void)` -> `int (*f)(void)`.
class Speller {
public:
  explicit Speller(const BtfFile &B) : B(B) {}
  std::string declare(uint32_t Id, std::string Text);

private:
  std::string arguments(const BtfFile::Type &Proto);

  const BtfFile &B;
  /// Prototypes of prototypes may share arguments: written out, they grow
  /// without end.
  unsigned Budget = 1000;
};

} // namespace

static std::string number(uint32_t Id) {
  return "[" + std::to_string(Id) + "]";
}

static bool isQualifier(Kind K) {
  return K == KindConst || K == KindVolatile || K == KindRestrict ||
         K == KindTypeTag;
}

static std::string qualifier(const BtfFile::Type &T) {
  switch (T.K) {
  case KindConst:
    return "const ";
  case KindVolatile:
    return "volatile ";
  case KindRestrict:
    return "restrict ";
  default:
    return "btf_type_tag(\"" + T.Name.str() + "\") ";
  }
}

/// `struct task`: a type that ends a declaration.
static std::string baseName(const BtfFile &B, uint32_t Id) {
  const BtfFile::Type &T = B.type(Id);
  std::string Name = T.Name.empty() ? number(Id) : T.Name.str();
  switch (T.K) {
  case KindVoid:
    return "void";
  case KindStruct:
    return "struct " + Name;
  case KindUnion:
    return "union " + Name;
  case KindFwd:
    return (T.Flag ? "union " : "struct ") + Name;
  case KindEnum:
  case KindEnum64:
    return "enum " + Name;
  default:
    return Name;
  }
}

std::string Speller::arguments(const BtfFile::Type &Proto) {
  if (Proto.Members.empty())
    return "(void)";
  std::string Text = "(";
  ListSeparator Comma;
  for (const BtfFile::Member &M : Proto.Members) {
    Text += StringRef(Comma);
    Text +=
        M.Type == 0 && M.Name.empty() ? "..." : declare(M.Type, M.Name.str());
  }
  return Text + ")";
}

std::string Speller::declare(uint32_t Id, std::string Text) {
  std::string Front;
  while (true) {
    const BtfFile::Type &T = B.type(Id);
    if (Budget == 0)
      return number(Id) + " " + Text;
    --Budget;
    if (isQualifier(T.K)) {
      uint32_t Inner = T.Target;
      while (isQualifier(B.type(Inner).K))
        Inner = B.type(Inner).Target;
      // `int *const p`: what qualifies a pointer stands behind its star.
      (B.type(Inner).K == KindPtr ? Text : Front)
          .insert(0, B.type(Inner).K == KindPtr && Text.empty()
                         ? StringRef(qualifier(T)).rtrim().str()
                         : qualifier(T));
      Id = T.Target;
      continue;
    }
    if (T.K == KindPtr) {
      Text.insert(0, "*");
      Kind Next = B.type(T.Target).K;
      if (Next == KindArray || Next == KindFuncProto)
        Text = "(" + Text + ")";
    } else if (T.K == KindArray) {
      Text += number(T.Size);
    } else if (T.K == KindFuncProto) {
      Text += arguments(T);
    } else {
      std::string Out = Front + baseName(B, Id);
      bool IsSuffix = Text.empty() || Text[0] == '[';
      return IsSuffix ? Out + Text : Out + " " + Text;
    }
    Id = T.Target;
  }
}

std::string declareType(const BtfFile &B, uint32_t Id, StringRef Name) {
  return Speller(B).declare(Id, Name.str());
}

static void describeRecord(raw_ostream &OS, const BtfFile &B, uint32_t Id) {
  const BtfFile::Type &T = B.type(Id);
  OS << (T.K == KindStruct ? "struct " : "union ");
  if (!T.Name.empty())
    OS << T.Name << ' ';
  OS << '{';
  for (const BtfFile::Member &M : T.Members) {
    OS << ' ' << declareType(B, M.Type, M.Name);
    if (M.Size)
      OS << " : " << M.Size;
    OS << " @" << M.Offset / 8;
    if (M.Size || M.Offset % 8)
      OS << ':' << M.Offset % 8;
    OS << ';';
  }
  OS << " } // " << T.Size << " bytes";
}

static void describeEnum(raw_ostream &OS, const BtfFile::Type &T) {
  OS << "enum ";
  if (!T.Name.empty())
    OS << T.Name << ' ';
  OS << '{';
  ListSeparator Comma(",");
  for (const BtfFile::Member &M : T.Members) {
    OS << Comma << ' ' << M.Name << " = ";
    if (T.Flag)
      OS << M.Value;
    else
      OS << uint64_t(M.Value);
  }
  OS << " } // " << T.Size << " bytes, " << (T.Flag ? "signed" : "unsigned");
}

static const char *linkage(uint32_t L) {
  switch (L) {
  case Static:
    return "static ";
  case Global:
    return "";
  case Extern:
    return "extern ";
  default:
    return "(unknown linkage) ";
  }
}

static void describeSection(raw_ostream &OS, const BtfFile &B,
                            const BtfFile::Type &T) {
  OS << "section " << T.Name << " {";
  for (const BtfFile::Member &M : T.Members)
    OS << ' ' << B.type(M.Type).Name << ' ' << number(M.Type) << " @"
       << M.Offset << ", " << M.Size << " bytes;";
  OS << " } // " << T.Size << " bytes";
}

static void describeTag(raw_ostream &OS, const BtfFile &B,
                        const BtfFile::Type &T) {
  const BtfFile::Type &Target = B.type(T.Target);
  OS << "btf_decl_tag(\"" << T.Name << "\") of ";
  if (Target.K == KindFunc)
    OS << Target.Name << "()";
  else if (Target.K == KindVar)
    OS << Target.Name;
  else
    OS << baseName(B, T.Target);
  OS << ' ' << number(T.Target);
  if (T.Component < 0)
    return;
  const auto &Members =
      Target.K == KindFunc ? B.type(Target.Target).Members : Target.Members;
  OS << (Target.K == KindFunc ? ", argument " : ", member ");
  if (size_t(T.Component) < Members.size() &&
      !Members[size_t(T.Component)].Name.empty())
    OS << Members[size_t(T.Component)].Name;
  else
    OS << T.Component;
}

std::string describeType(const BtfFile &B, uint32_t Id) {
  std::string Text;
  raw_string_ostream OS(Text);
  const BtfFile::Type &T = B.type(Id);
  switch (T.K) {
  case KindInt:
    OS << T.Name << " // integer, " << T.Bits << " bits in " << T.Size
       << " bytes";
    if (T.Encoding & IntSigned)
      OS << ", signed";
    if (T.Encoding & IntChar)
      OS << ", char";
    if (T.Encoding & IntBool)
      OS << ", bool";
    break;
  case KindFloat:
    OS << T.Name << " // floating point, " << T.Size << " bytes";
    break;
  case KindStruct:
  case KindUnion:
    describeRecord(OS, B, Id);
    break;
  case KindEnum:
  case KindEnum64:
    describeEnum(OS, T);
    break;
  case KindFwd:
    OS << baseName(B, Id) << ';';
    break;
  case KindTypedef:
    OS << "typedef " << declareType(B, T.Target, T.Name) << ';';
    break;
  case KindFunc:
    OS << linkage(T.Linkage) << declareType(B, T.Target, T.Name) << ';';
    break;
  case KindVar:
    OS << linkage(T.Linkage) << declareType(B, T.Target, T.Name) << ';';
    break;
  case KindDatasec:
    describeSection(OS, B, T);
    break;
  case KindDeclTag:
    describeTag(OS, B, T);
    break;
  default:
    OS << declareType(B, Id);
    break;
  }
  return Text;
}

/// `task.comm[2]` for access 0:1:2; nothing if the access leads nowhere.
static std::optional<std::string> accessPath(const BtfFile &B,
                                             const BtfFile::CoreRelo &R) {
  SmallVector<StringRef, 8> Steps;
  R.Access.split(Steps, ':');
  uint32_t Id = R.Type;
  std::string Text;
  for (size_t N = 0; N != Steps.size(); ++N) {
    uint64_t Index = 0;
    if (Steps[N].getAsInteger(10, Index))
      return std::nullopt;
    // The root may be an element of an array.
    if (N == 0) {
      const BtfFile::Type &T = B.type(B.strip(Id));
      if (T.K == KindEnum || T.K == KindEnum64) {
        if (Steps.size() != 1 || Index >= T.Members.size())
          return std::nullopt;
        return "." + T.Members[Index].Name.str();
      }
      if (Index)
        Text += "[" + std::to_string(Index) + "]";
      continue;
    }
    const BtfFile::Type &T = B.type(B.strip(Id));
    if (T.K == KindArray) {
      Text += "[" + std::to_string(Index) + "]";
      Id = T.Target;
    } else if ((T.K == KindStruct || T.K == KindUnion) &&
               Index < T.Members.size()) {
      const BtfFile::Member &M = T.Members[Index];
      if (!M.Name.empty())
        Text += "." + M.Name.str();
      Id = M.Type;
    } else {
      return std::nullopt;
    }
  }
  return Text;
}

static const char *reloText(uint32_t Kind) {
  switch (CoreRelo(Kind)) {
#define CORE_RELO(Name, Number, Text)                                          \
  case CoreRelo::Name:                                                         \
    return Text;
#include "backend/btf/core_relos.def"
  }
  return nullptr;
}

static bool isOfWholeType(uint32_t Kind) {
  switch (CoreRelo(Kind)) {
  case CoreRelo::TypeIdLocal:
  case CoreRelo::TypeIdTarget:
  case CoreRelo::TypeExists:
  case CoreRelo::TypeSize:
  case CoreRelo::TypeMatches:
    return true;
  default:
    return false;
  }
}

std::string describeCoreRelo(const BtfFile &B, const BtfFile::CoreRelo &R) {
  const char *What = reloText(R.Kind);
  std::string Text = What ? std::string(What) + " "
                          : "unknown kind " + std::to_string(R.Kind) + " of ";
  if (isOfWholeType(R.Kind))
    return Text + declareType(B, R.Type);
  const BtfFile::Type &Root = B.type(R.Type);
  Text += Root.Name.empty() ? declareType(B, R.Type) : Root.Name.str();
  if (std::optional<std::string> Path = accessPath(B, R))
    return Text + *Path;
  return Text + ", access " + R.Access.str();
}

} // namespace bpfcc
