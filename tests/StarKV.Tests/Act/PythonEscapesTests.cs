using StarKV.Act;

namespace StarKV.Tests.Act;

/// <summary>Escapes as Python's reference of string literals has them.</summary>
public class PythonEscapesTests
{
    public static TheoryData<string, string> Escapes => new()
    {
        { @"\n\t\r\a\b\f\v", "\n\t\r\a\b\f\v" },
        { @"a\bb\fc\vd", "a\bb\fc\vd" },
        { @"\\\'\""", "\\'\"" },
        { "one\\\ntwo", "onetwo" },
        { @"\x41\xe9\xFF", "Aéÿ" },
        { @"\x412", "A2" },
        { @"\u20ac5", "€5" },
        { @"\U000020AC", "€" },
        { @"\U0001F600!", "\ud83d\ude00!" },
        { @"\U0000FFFF", "\uffff" },
        { @"\U00010000", "\ud800\udc00" },
        { @"\U0010FFFF", "\udbff\udfff" },
        { @"\0\7", "\0\a" },
        { @"\60\101\1012", "0AA2" },
        { @"\18\377\400\777", "\u00018ÿ\u0100\u01ff" },
        { @"\08", "\08" },
    };

    // Python keeps the backslash of an escape that it does not know.
    public static TheoryData<string> Unknown => [@"\q", @"\/", @"\8", @"\9", @"\ ", @"\é", @"C:\", @"\", @"x\d+\.y"];

    // A syntax error in Python; names need a table that is not here.
    public static TheoryData<string> Malformed => [@"\x", @"\x4", @"\xg1", @"\x+1", @"\u20a", @"\u 20a", @"\U0001F60", @"\U00110000", @"\N{BULLET}"];

    [Theory]
    [MemberData(nameof(Escapes))]
    public void An_escape_is_the_character_that_it_is_in_Python(string raw, string text)
    {
        Assert.Equal(text, PythonEscapes.Resolve(raw));
        Assert.Equal(text, PythonEscapes.ResolveStrictly(raw));
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public void What_is_no_escape_stays_as_written(string raw)
    {
        Assert.Equal(raw, PythonEscapes.Resolve(raw));
        Assert.Equal(raw, PythonEscapes.ResolveStrictly(raw));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_escape_stays_as_written_and_is_an_error_where_Python_has_one(string raw)
    {
        Assert.Equal($"a{raw}\nb", PythonEscapes.Resolve($"a{raw}\\nb"));
        Assert.Equal(raw, PythonEscapes.Resolve(raw));
        Assert.Null(PythonEscapes.ResolveStrictly(raw));
    }
}
