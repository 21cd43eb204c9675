using System.Collections.Frozen;

namespace StarKV.Evaluation.Released;

/// <summary>The words and signs with a meaning of their own in Python expressions.</summary>
internal static class PyWords
{
    public static readonly FrozenSet<string> Constants = FrozenSet.ToFrozenSet(["None", "True", "False"]);

    public static readonly FrozenSet<string> Keywords = FrozenSet.ToFrozenSet(
    [
        "None", "True", "False", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
        "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
        "return", "try", "while", "with", "yield",
    ]);

    public static readonly FrozenSet<string> BinaryOperators = FrozenSet.ToFrozenSet(
        ["+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^", "<", ">", "<=", ">=", "==", "!=", "and", "or", "in", "is"]);
}
