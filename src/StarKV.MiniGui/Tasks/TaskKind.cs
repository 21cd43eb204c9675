namespace StarKV.MiniGui.Tasks;

/// <summary>What a question asks for.</summary>
public enum TaskKind
{
    /// <summary>Click the element with these words.</summary>
    Text,

    /// <summary>Click this icon.</summary>
    Icon,

    /// <summary>Click what has a relation to words or an icon: a label's field, a row's icon, a neighbour.</summary>
    Relation,

    /// <summary>Type the words at a point, in a field or after a key.</summary>
    Read,

    /// <summary>The next click of an instruction with several steps; the current screen and the past actions say which.</summary>
    Step,

    /// <summary>Type a word that the instruction gives.</summary>
    TypeGiven,

    /// <summary>Type a word that only an earlier frame shows.</summary>
    RecallWord,

    /// <summary>Click the row that only an earlier frame highlights.</summary>
    RecallRow,

    /// <summary>Say that everything is done.</summary>
    Finish,

    /// <summary>The words and places of elements from a point on; in drills only, the one answer that is not an action.</summary>
    List,
}
