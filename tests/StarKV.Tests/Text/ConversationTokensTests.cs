using CsCheck;
using StarKV.Text;

namespace StarKV.Tests.Text;

/// <summary>What a session relies on: the tokens of a step begin with those of the step before, and a turn can be taken out of them.</summary>
public sealed class ConversationTokensTests(Conversations conversations) : IClassFixture<Conversations>
{
    private const int Draws = 20;

    public static TheoryData<string, string> Forms => Conversations.Forms;

    /// <summary>The answer as the model would have written it, with the marker that ended it.</summary>
    private TokenMap Answer(string answer, string chat)
    {
        var (tokenizer, format) = conversations.Chat(chat);
        int[] ids = [.. tokenizer.Encode(answer), tokenizer.IdOf(Markers.TurnEnd)];
        Assert.StartsWith(Markers.TurnEnd, format.TurnEnd, StringComparison.Ordinal);
        return new TokenMap(ids, [.. ids.Select(_ => TokenClass.Assistant)], []);
    }

    private IEnumerable<(TokenMap Before, TokenMap Now, ConversationTurn Answered)> Steps(TaskConversation whole, string chat)
    {
        var maps = whole.Turns.Select((_, turn) => conversations.Encode(Conversations.Before(whole, turn), chat)).ToList();
        for (var step = 1; step < maps.Count; step++)
            yield return (maps[step - 1], maps[step], whole.Turns[step - 1]);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void What_was_read_and_the_rest_are_the_whole_prompt(string style, string chat) => conversations.Whole(style).Sample(
        whole =>
        {
            foreach (var (before, now, answered) in Steps(whole, chat))
            {
                var read = before.Then(Answer(answered.Answer!, chat));
                var common = read.CommonPrefix(now);
                Assert.Equal(common, now.CommonPrefix(read));
                Assert.Equal(read.First(common).Ids.ToArray(), now.Ids[..common].ToArray());
                Assert.Equal(-1, InFrame(read, common));
                Assert.True(common == Math.Min(read.Length, now.Length) || Differ(read, now, common));
                SameTokens(now, read.First(common).Then(now.Without(0, common)));
                SameSequence(now, now.First(common).Then(now.Without(0, common)));
                SamePositions(MRopePositions.Compute(now), MRopePositions.Compute(read).First(common).Then(now.Without(0, common)));
            }
        },
        iter: Draws);

    [Theory]
    [MemberData(nameof(Forms))]
    public void With_the_instruction_first_nothing_before_the_answer_is_read_again(string style, string chat) =>
        conversations.Whole(style, InstructionPosition.First).Sample(
            whole =>
            {
                foreach (var (before, now, answered) in Steps(whole, chat))
                {
                    var answer = answered.Answer!;
                    var read = before.Then(Answer(answer, chat));
                    var common = read.CommonPrefix(now);
                    Assert.InRange(common, before.Messages[^1].Start, read.Length);

                    // Line feeds join with the one behind Qwen's header; the markers of OpenCUA leave them apart.
                    var joins = chat == Conversations.Qwen && answer.Length > 0 && char.IsWhiteSpace(answer[0]);
                    if (!joins && whole.Style.PastAnswer(1, answer) == answer)
                        Assert.Equal(read.Length, common);
                }
            },
            iter: Draws);

    [Theory]
    [MemberData(nameof(Forms))]
    public void With_the_instruction_last_it_alone_is_read_again(string style, string chat) =>
        conversations.Whole(style, InstructionPosition.Last).Sample(
            whole =>
            {
                foreach (var (before, now, answered) in Steps(whole, chat))
                {
                    var common = before.CommonPrefix(now);
                    if (answered.Frames.Count > 0 && string.IsNullOrEmpty(answered.Text))
                        Assert.Equal(before.Frames[^1].PartEnd, common);
                    else if (answered.Frames.Count > 0)
                        Assert.InRange(common, before.Frames[^1].PartEnd, before.Instruction!.Value.End);
                    else
                        Assert.InRange(common, before.Messages[^2].Start, before.Messages[^2].End);
                }
            },
            iter: Draws);

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_message_of_screenshots_taken_out_is_the_conversation_without_them(string style, string chat) => conversations.Whole(style).Sample(
        whole =>
        {
            var asked = Conversations.Before(whole, whole.Turns.Count - 1);
            var map = conversations.Encode(asked, chat);
            var frame = 0;
            for (var turn = 0; turn < asked.Turns.Count; turn++)
            {
                var (frames, text, _) = asked.Turns[turn];
                // A message that holds the instruction stays, and what becomes a line of the text changes it.
                var alone = asked.Position switch
                {
                    InstructionPosition.Last => turn < asked.Turns.Count - 1,
                    InstructionPosition.Opening => turn > 0,
                    _ => true,
                } && (turn > 0 || asked.Style.Steps is null);
                if (frames.Count > 0 && frames.Count < map.Frames.Count && string.IsNullOrEmpty(text) && alone)
                {
                    var first = map.Frames[frame];
                    var message = map.Messages.Single(m => m.Start <= first.Start && first.Start < m.End);
                    var turns = asked.Turns.ToArray();
                    turns[turn] = turns[turn] with { Frames = [] };
                    Same(conversations.Encode(asked with { Turns = turns }, chat), map.Without(message.Start, message.End));
                }

                frame += frames.Count;
            }
        },
        iter: Draws);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Messages_markers_and_words_are_found(string style, string chat) => conversations.Whole(style).Sample(
        whole =>
        {
            var asked = Conversations.Before(whole, whole.Turns.Count - 1);
            var (tokenizer, format) = conversations.Chat(chat);
            var (map, messages) = (asked.Encode(tokenizer, format), asked.Messages());

            // One for each message, the system message of the format if there is none, and the opening.
            var roles = messages[0].Role == ChatRole.System ? messages.Select(m => m.Role) : messages.Select(m => m.Role).Prepend(ChatRole.System);
            Assert.Equal([.. roles.Select(ChatTemplate.ClassOf), TokenClass.Assistant], map.Messages.Select(m => m.Class));
            Assert.Equal([0, .. map.Messages.Select(m => m.End)], [.. map.Messages.Select(m => m.Start), map.Length]);
            Assert.True(map.OpensAnswer);
            Assert.Equal(format.AssistantStart, tokenizer.Decode(map.Ids[map.Messages[^1].Start..]));
            Assert.All(map.Messages.SkipLast(1), m => Assert.EndsWith(format.TurnEnd, tokenizer.Decode(map.Ids[m.Start..m.End]), StringComparison.Ordinal));

            Assert.All(map.Frames, frame =>
            {
                Assert.Equal(format.ImageStart, tokenizer.Decode(map.Ids[frame.PartStart..frame.Start]));
                Assert.Equal(format.ImageEnd, tokenizer.Decode(map.Ids[frame.End..frame.PartEnd]));
            });

            var texts = asked.Turns.Select(turn => turn.Text).Where(text => !string.IsNullOrEmpty(text)).ToList();
            var isLast = asked.Position == InstructionPosition.Last;
            texts.Insert(isLast ? texts.Count : 0, asked.Instruction);
            Assert.Equal(texts.Count, map.Instructions.Count);
            Assert.Equal(map.Instructions.OrderBy(span => span.Start), map.Instructions);
            Assert.Equal(map.Instruction, map.Instructions[isLast ? texts.Count - 1 : 0]);
            foreach (var (text, (start, end)) in texts.Zip(map.Instructions))
                Assert.Contains(chat == Conversations.Qwen ? Nfc.Normalize(text!) : text!, tokenizer.Decode(map.Ids[start..end]), StringComparison.Ordinal);
        },
        iter: Draws);

    private static int InFrame(TokenMap map, int at) => at > 0 && at < map.Length && map.FrameOf[at] == map.FrameOf[at - 1] ? map.FrameOf[at] : -1;

    private static bool Differ(TokenMap a, TokenMap b, int at) =>
        a.Ids[at] != b.Ids[at]
        || (a.FrameOf[at] >= 0 && b.FrameOf[at] >= 0 && a.Frames[a.FrameOf[at]] != b.Frames[b.FrameOf[at]]);

    private static void Same(TokenMap expected, TokenMap actual)
    {
        SameSequence(expected, actual);
        Assert.Equal(expected.Instruction, actual.Instruction);
        Assert.Equal(expected.Instructions, actual.Instructions);
    }

    // Words of the user that a seam divides are two spans.
    private static void SameSequence(TokenMap expected, TokenMap actual)
    {
        SameTokens(expected, actual);
        Assert.Equal(expected.Classes.ToArray(), actual.Classes.ToArray());
        Assert.Equal(expected.Messages, actual.Messages);
        Assert.Equal(expected.OpensAnswer, actual.OpensAnswer);
    }

    // What the model reads. The marker that opens a message of the user here may open one of the model there.
    private static void SameTokens(TokenMap expected, TokenMap actual)
    {
        Assert.Equal(expected.Ids.ToArray(), actual.Ids.ToArray());
        Assert.Equal(expected.CellOf.ToArray(), actual.CellOf.ToArray());
        Assert.Equal(expected.FrameOf.ToArray(), actual.FrameOf.ToArray());
        Assert.Equal(
            expected.Frames.Select(f => (f.PartStart, f.Start, f.End, f.PartEnd, f.Grid)),
            actual.Frames.Select(f => (f.PartStart, f.Start, f.End, f.PartEnd, f.Grid)));
    }

    private static void SamePositions(MRopePositions expected, MRopePositions actual)
    {
        Assert.Equal(expected.Flat.ToArray(), actual.Flat.ToArray());
        Assert.Equal(expected.NextPosition, actual.NextPosition);
    }
}
