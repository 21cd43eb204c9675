using Microsoft.Extensions.AI;
using StarKV.Input;

namespace StarKV.Extensions.AI;

/// <summary>What messages say, turn by turn.</summary>
/// <param name="System">The system text; null for none.</param>
/// <param name="Turns">
/// What the user shows and says until the model answers, oldest first; the last turn is unanswered. At least one.
/// </param>
internal sealed record TaskMessages(string? System, IReadOnlyList<TaskTurn> Turns)
{
    /// <summary>Reads messages; decodes their screenshots.</summary>
    /// <remarks>
    /// A turn's texts are joined by line feeds, an answer's without anything between them. Names of authors and metadata are not read.
    /// </remarks>
    /// <param name="messages">The messages.</param>
    /// <param name="instructions">Text for the system message, before theirs; null for none.</param>
    /// <param name="limits">What a screenshot may be at most.</param>
    /// <param name="cancellation">Ends the reading after a screenshot.</param>
    /// <exception cref="StarKvException">A message or a part of it has no place in a prompt, or nothing is left to be answered.</exception>
    public static TaskMessages Of(
        IReadOnlyList<ChatMessage> messages, string? instructions, ImageLimits limits, CancellationToken cancellation)
    {
        var (system, turns, open) = (new List<string>(), new List<TaskTurn>(), new OpenTurn());
        if (instructions is not null)
            system.Add(instructions);
        for (var i = 0; i < messages.Count; i++)
        {
            var (message, where) = (messages[i], $"message {i + 1} of {messages.Count}");
            if (message.Role == ChatRole.User)
            {
                foreach (var content in Parts(message, where))
                    open.Add(content.Part, content.Where, limits, cancellation);
            }
            else if (message.Role == ChatRole.Assistant)
            {
                turns.Add(open.Answered(string.Concat(Texts(message, where))));
                open = new OpenTurn();
            }
            else if (message.Role != ChatRole.System)
            {
                throw new StarKvException($"{where} is of the role '{message.Role}'; StarKV reads system, user and assistant.");
            }
            else if (turns.Count > 0 || !open.IsEmpty)
            {
                throw new StarKvException($"{where} is a system message after the user's; the system text begins the conversation.");
            }
            else
            {
                system.AddRange(Texts(message, where));
            }
        }

        if (open.IsEmpty)
            throw new StarKvException("There is nothing to answer: the last message must be the user's, with a screenshot or words.");
        return new TaskMessages(system.Count > 0 ? string.Join('\n', system) : null, [.. turns, open.Answered(null)]);
    }

    /// <summary>The task: all that the user says in the first turn with words.</summary>
    /// <exception cref="StarKvException">The user says nothing.</exception>
    public string Instruction => Turns.FirstOrDefault(t => t.Text is not null)?.Text
        ?? throw new StarKvException("No message of the user has words; say what is to be done on the screen.");

    /// <summary>The turns without the task, which the prompt style puts where it belongs.</summary>
    public IReadOnlyList<TaskTurn> TurnsWithoutInstruction
    {
        get
        {
            var told = Turns.ToList().FindIndex(t => t.Text is not null);
            return [.. Turns.Select((t, i) => i == told ? t with { Text = null } : t)];
        }
    }

    private static IEnumerable<string> Texts(ChatMessage message, string where) => Parts(message, where).Select(part =>
        part.Part is TextContent text ? text.Text : throw new StarKvException(
            $"{part.Where} is {part.Part.GetType().Name}; a message of the role '{message.Role}' has text alone."));

    // What says nothing is nothing: no part of a prompt is empty.
    private static IEnumerable<(AIContent Part, string Where)> Parts(ChatMessage message, string where) => message.Contents
        .Select((part, i) => (Part: part, Where: $"{where}, content {i + 1}")).Where(c => c.Part is not TextContent { Text: "" });

    /// <summary>A turn while its messages are read.</summary>
    private sealed class OpenTurn
    {
        private readonly List<Screenshot> _screens = [];
        private readonly List<string> _texts = [];

        public bool IsEmpty => _screens.Count + _texts.Count == 0;

        public TaskTurn Answered(string? answer) => new(_screens, _texts.Count > 0 ? string.Join('\n', _texts) : null, answer);

        public void Add(AIContent content, string where, ImageLimits limits, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            switch (content)
            {
                case TextContent text:
                    _texts.Add(text.Text);
                    break;
                case DataContent data:
                    _screens.Add(ScreenshotContent.Decode(data, where, limits));
                    break;
                case UriContent uri:
                    _screens.Add(ScreenshotContent.Decode(ScreenshotContent.DataOf(uri, where), where, limits));
                    break;
                default:
                    throw new StarKvException(
                        $"{where} is {content.GetType().Name}; StarKV reads TextContent and screenshots (DataContent).");
            }
        }
    }
}

/// <summary>One turn of messages.</summary>
/// <param name="Screens">The screenshots, oldest first.</param>
/// <param name="Text">What the user says; null for nothing.</param>
/// <param name="Answer">What the model answered; null where it is to be given.</param>
internal sealed record TaskTurn(IReadOnlyList<Screenshot> Screens, string? Text, string? Answer);
