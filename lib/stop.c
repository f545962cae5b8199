#include <stdlib.h>

#include "terms.h"

/*
 * Function words: articles, pronouns, auxiliaries, prepositions, question
 * words.  Normal forms (no apostrophes), one line a language, each sorted by
 * hand into kinds rather than letters: they are looked up by scanning, a few
 * dozen comparisons for each word of a question.
 */
static const struct {
	const char	*key, *words;
} lists[] = {
	{ "en",
	" a an the this that these those"
	" i me my mine we us our ours you your yours he him his she her hers"
	" it its they them their theirs myself yourself itself"
	" am is are was were be been being do does did doing done"
	" have has had having can could may might must shall should will would"
	" cant cannot couldnt dont doesnt didnt isnt arent wasnt werent wont"
	" wouldnt shouldnt havent hasnt im ive id ill youre youve its thats"
	" whats hows wheres there theres here"
	" and or but if then than so because as while"
	" of at by for with about against between into through during to from"
	" in on onto out over under up down off"
	" what which who whom whose when where why how"
	" not no nor only own same too very just also any some such all both"
	" each more most other please hi hello thanks thank dear regards "
	},
	{ "de",
	" der die das den dem des ein eine einen einem einer eines"
	" ich mich mir mein meine meinen meinem meiner du dich dir dein deine"
	" er ihn ihm sein seine sie ihr ihre ihren es wir uns unser unsere"
	" und oder aber wenn dann als so weil dass ob wie was wer wo wann warum"
	" welche welcher welches bin bist ist sind war waren sein wird werden"
	" wurde habe hast hat haben hatte kann kannst koennen k\xc3\xb6nnen"
	" muss soll sollte darf will m\xc3\xb6" "chte"
	" von vom zu zum zur in im an am auf aus bei mit nach f\xc3\xbcr"
	" \xc3\xbc" "ber unter durch gegen ohne um nicht kein keine auch nur"
	" noch sehr bitte hallo danke man sich "
	},
	{ "fr",
	" le la les l un une des du de d au aux ce cet cette ces"
	" je j me m mon ma mes tu te t ton ta tes il elle on nous notre nos"
	" vous votre vos ils elles se s son sa ses leur leurs"
	" et ou mais si que qu qui quoi dont o\xc3\xb9 quand comment pourquoi"
	" quel quelle quels quelles est es suis sommes \xc3\xaates sont"
	" \xc3\xa9tait \xc3\xaatre ai as a avons avez ont avoir fait faire"
	" peux peut puis dois doit dans en sur sous avec sans pour par"
	" \xc3\xa0 chez vers entre ne n pas plus y c bonjour merci svp "
	},
	{ "es",
	" el la los las un una unos unas lo al del de"
	" yo me mi mis t\xc3\xba te tu tus \xc3\xa9l ella ello nos nuestro"
	" nuestra usted ustedes ellos ellas se su sus"
	" y o u e pero si que qu\xc3\xa9 quien qui\xc3\xa9n cual cu\xc3\xa1l"
	" cuando cu\xc3\xa1ndo donde d\xc3\xb3nde como c\xc3\xb3mo por porque"
	" es son era ser estar est\xc3\xa1 est\xc3\xa1n est\xc3\xa1s he ha han"
	" haber hay puedo puede poder debo debe en a con sin para sobre entre"
	" no ni muy m\xc3\xa1s hola gracias "
	},
};

struct kb_str
kb_stop_words(const char *key)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].key, key) == 0)
			return kb_str_c(lists[i].words);
	return kb_str(NULL, 0);
}

bool
kb_stop_word(const char *key, struct kb_str norm)
{
	char needle[KB_WORD_MAX + 3];
	struct kb_str words = kb_stop_words(key);

	if (norm.n == 0 || norm.n > KB_WORD_MAX)
		return false;
	needle[0] = ' ';
	memcpy(needle + 1, norm.p, norm.n);
	needle[norm.n + 1] = ' ';
	needle[norm.n + 2] = '\0';
	return words.n > 0 && strstr(words.p, needle) != NULL;
}
