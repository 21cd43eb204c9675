using StarKV.Act;

namespace StarKV.Tests.Act;

public class KeyNamesTests
{
    [Theory]
    [InlineData("ctrl c", "ctrl|c")]
    [InlineData("Ctrl+C", "ctrl|c")]
    [InlineData("ctrl + c", "ctrl|c")]
    [InlineData("ctrl, c", "ctrl|c")]
    [InlineData(" ctrl\tshift  t ", "ctrl|shift|t")]
    [InlineData("ctrl +", "ctrl|+")]
    [InlineData("ctrl++", "ctrl|+")]
    [InlineData("ctrl ,", "ctrl|,")]
    [InlineData("ctrl+,", "ctrl|,")]
    [InlineData("+", "+")]
    [InlineData(",", ",")]
    [InlineData("+ ctrl", "ctrl")]
    [InlineData("'ctrl' \"c\"", "ctrl|c")]
    [InlineData("'ctrl'+''+'c'", "ctrl|c")]
    [InlineData("ctrl '", "ctrl|'")]
    [InlineData("\"", "\"")]
    [InlineData("['ctrl', 'C']", "ctrl|c")]
    [InlineData("('ctrl', ' ')", "ctrl|space")]
    [InlineData("['ctrl', '']", "ctrl")]
    [InlineData("['ctrl', 'c'", "ctrl|c")]
    [InlineData("(ctrl, c)", "ctrl|c")]
    [InlineData("[", "[")]
    [InlineData("(", "(")]
    [InlineData("ctrl [", "ctrl|[")]
    [InlineData("", "")]
    public void A_combination_is_its_keys(string combination, string keys) => Assert.Equal(keys, string.Join('|', KeyNames.Split(combination)));

    [Theory]
    [InlineData("['ctrl', 'c'", "ctrl|c")]
    [InlineData("[\"Alt\", '', F4", "alt|f4")]
    [InlineData("[", "")]
    public void The_words_of_a_broken_list_are_read(string list, string keys) => Assert.Equal(keys, string.Join('|', KeyNames.OfBrokenList(list)));

    [Theory]
    [InlineData(" ", "space")]
    [InlineData("\t", "tab")]
    [InlineData("\n", "enter")]
    [InlineData("\r", "enter")]
    [InlineData(" Enter ", "enter")]
    [InlineData("A", "a")]
    public void A_character_that_a_key_types_has_the_name_of_the_key(string key, string name) => Assert.Equal(name, KeyNames.Name(key));

    [Theory]
    [InlineData("a", true)]
    [InlineData("é", true)]
    [InlineData("\ud83d\ude00", true)]
    [InlineData("enter", true)]
    [InlineData("page_down", true)]
    [InlineData("page-up", true)]
    [InlineData("caps lock", true)]
    [InlineData("f1", true)]
    [InlineData("F24", true)]
    [InlineData("num5", true)]
    [InlineData("numpad_5", true)]
    [InlineData("", false)]
    [InlineData("f0", false)]
    [InlineData("f25", false)]
    [InlineData("num10", false)]
    [InlineData("ab", false)]
    [InlineData("ctrl+c", false)]
    public void A_key_is_known_by_its_name(string key, bool isKnown) => Assert.Equal(isKnown, KeyNames.IsKnown(key));
}
