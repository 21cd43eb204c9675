using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>Finds the end of a Python expression whose value does not matter.</summary>
internal static partial class PythonSkipper
{
    /// <summary>
    /// Index of the comma or closing bracket that ends the expression; null when none does, when two operands stand side by side as only
    /// prose and forgotten quotes have them, or when brackets do not match or are nested deeper than <paramref name="maxDepth"/>.
    /// </summary>
    public static int? End(string source, int start, int maxDepth, ReadingBudget budget)
    {
        var (end, last) = Find(source, start, maxDepth, budget);
        budget.Spend(last - start);
        return end;
    }

    /// <summary>The expression's end, null for none, and the index of the last character that was looked at.</summary>
    private static (int? End, int Last) Find(string source, int start, int maxDepth, ReadingBudget budget)
    {
        var open = new Stack<char>();
        var (at, before) = (start, Piece.Sign);
        while (at < source.Length)
        {
            if (PythonText.Scan(source, at, budget) is { } text)
            {
                if (before is Piece.Operand) return (null, at);
                (at, before) = (at + text.Length, Piece.Text);
                continue;
            }

            if (Word().Match(source, at) is { Success: true } word)
            {
                var isOperator = word.Groups["operator"].Success;
                if (before is not Piece.Sign && !isOperator) return (null, at);
                (at, before) = (at + word.Length, isOperator ? Piece.Sign : Piece.Operand);
                continue;
            }

            switch (source[at])
            {
                case ',' or ')' or ']' or '}' when open.Count == 0:
                    return (at > start ? at : null, at);
                case '(' or '[' or '{' when open.Count < maxDepth:
                    open.Push(source[at] == '(' ? ')' : source[at] == '[' ? ']' : '}');
                    before = Piece.Sign;
                    break;
                case ')' or ']' or '}' when open.Pop() == source[at]:
                    before = Piece.Operand;
                    break;
                case '=' when open.Count == 0 && !Comparison().IsMatch(source, at):
                    return (null, at);
                case '#':
                    at = source.IndexOf('\n', at) is var end and >= 0 ? end : source.Length;
                    continue;
                case var c when char.IsWhiteSpace(c):
                    break;
                case var c when Signs.Contains(c, StringComparison.Ordinal):
                    before = Piece.Sign;
                    break;
                default:
                    return (null, at);
            }

            at++;
        }

        return (null, at);
    }

    private const string Signs = "+-*/%@&|^~<>=!.:,\\";

    /// <summary>What an expression consists of.</summary>
    private enum Piece
    {
        Sign,
        Operand,
        Text,
    }

    [GeneratedRegex(@"\G(?:(?<operator>and|or|not|in|is|if|else|for|lambda|await)\b|\w+)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Word();

    [GeneratedRegex(@"\G(?:==|(?<=[=!<>:])=)", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Comparison();
}
