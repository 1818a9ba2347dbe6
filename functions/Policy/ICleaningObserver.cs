namespace Collector.Policy;

/// <summary>Is told how the rules treat the fields of an event. It does not influence the result.</summary>
internal interface ICleaningObserver
{
    /// <summary>Called after a rule was applied to a value that was sent.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="entry">The index of the list entry that holds the value, from 0; null outside a list.</param>
    /// <param name="sent">The value's place in the request's bytes.</param>
    /// <param name="clean">The cleaned value; empty when the value is removed.</param>
    /// <param name="allowed">False when the value was removed because of the session's tier or the rule's condition.</param>
    void Cleaned(FieldRule rule, int? entry, RawValue sent, CleanValue clean, bool allowed);

    /// <summary>
    /// Called when a required field is missing or has the wrong shape. Its list entry is then removed or, outside a list, the whole event
    /// dropped.
    /// </summary>
    void Missing(FieldRule rule, int? entry);
}
