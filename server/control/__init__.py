"""The operator's hand: decisions, holds, alarms and the watch. No HTTP."""
