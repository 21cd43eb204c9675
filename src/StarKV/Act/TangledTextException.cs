namespace StarKV.Act;

/// <summary>A text that sends its reader back so often that it is given up; it never leaves a parser.</summary>
internal sealed class TangledTextException() : Exception("The text sends its reader back too often.");
