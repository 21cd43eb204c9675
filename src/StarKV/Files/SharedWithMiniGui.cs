using System.Diagnostics.CodeAnalysis;

namespace StarKV.Files;

// StarKV.MiniGui compiles the files of these types too; here alone they are public.
[Experimental("STARKV001")]
public sealed partial class FolderKind;

[Experimental("STARKV001")]
public static partial class NewFile;

[Experimental("STARKV001")]
public static partial class OutputFolder;

[Experimental("STARKV001")]
public static partial class OutputReason;

[Experimental("STARKV001")]
public static partial class RealPath;

[Experimental("STARKV001")]
public static partial class TemporaryName;
