"""Pictures for what Twitch only names: badges, cheermotes, and the emotes of other services."""
