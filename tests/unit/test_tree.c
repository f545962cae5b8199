#include "test.h"

#include "chance.h"
#include "tree.h"

static struct kb_arena arena;

static struct kb_node *
element(struct kb_node *parent, const char *name)
{
	struct kb_node *n = kb_node_new(&arena, parent, KB_NODE_ELEMENT);

	n->name = kb_str_c(name);
	return n;
}

static struct kb_node *
text(struct kb_node *parent, const char *s)
{
	struct kb_node *n = kb_node_new(&arena, parent, KB_NODE_TEXT);

	n->text = kb_str_c(s);
	return n;
}

/* <r>1<a>2<b/>3</a><!--c-->4</r> */
static struct kb_node *root, *a, *b, *n1, *n2, *n3, *n4, *comment;

static void
make(void)
{
	root = element(NULL, "r");
	n1 = text(root, "1");
	a = element(root, "a");
	n2 = text(a, "2");
	b = element(a, "b");
	n3 = text(a, "3");
	comment = kb_node_new(&arena, root, KB_NODE_COMMENT);
	comment->text = KB_STR("c");
	n4 = text(root, "4");
}

static void
test_tree__a_node_is_hung_up_behind_its_siblings(void)
{
	make();
	CHECK(root->parent == NULL && root->depth == 0);
	CHECK(root->first == n1 && n1->next == a && root->last == n4);
	CHECK(b->parent == a && b->depth == 2 && b->first == NULL);
	CHECK(n4->next == NULL);
}

static void
test_tree__next_goes_in_document_order_and_stays_below(void)
{
	const struct kb_node *want[8], *n;
	size_t i = 0;

	make();
	want[0] = root;
	want[1] = n1;
	want[2] = a;
	want[3] = n2;
	want[4] = b;
	want[5] = n3;
	want[6] = comment;
	want[7] = n4;
	for (n = root; n != NULL; n = kb_node_next(n, root), i++)
		CHECK(i < 8 && n == want[i]);
	CHECK_INT(i, 8);
	for (n = a, i = 2; n != NULL; n = kb_node_next(n, a), i++)
		CHECK(i < 6 && n == want[i]);
	CHECK_INT(i, 6);
	/* Nothing is below an empty one. */
	CHECK(kb_node_next(b, b) == NULL);
}

static void
test_tree__skip_passes_over_what_is_below(void)
{
	make();
	CHECK(kb_node_skip(a, root) == comment);
	CHECK(kb_node_skip(n3, root) == comment);
	CHECK(kb_node_skip(n3, a) == NULL);
	CHECK(kb_node_skip(n4, root) == NULL);
	CHECK(kb_node_skip(root, root) == NULL);
}

static void
test_tree__text_is_that_of_text_nodes_in_order(void)
{
	make();
	CHECK_STR(kb_node_text(&arena, root, 100), "1234");
	CHECK_STR(kb_node_text(&arena, a, 100), "23");
	CHECK_STR(kb_node_text(&arena, n1, 100), "1");
	CHECK_STR(kb_node_text(&arena, b, 100), "");
	CHECK_STR(kb_node_text(&arena, comment, 100), "");
}

static void
test_tree__text_is_cut_between_code_points(void)
{
	struct kb_node *r = element(NULL, "r");

	text(r, "ab\xe2\x82\xac");
	text(r, "cd");
	CHECK_STR(kb_node_text(&arena, r, 2), "ab");
	CHECK_STR(kb_node_text(&arena, r, 3), "ab");
	CHECK_STR(kb_node_text(&arena, r, 4), "ab");
	CHECK_STR(kb_node_text(&arena, r, 5), "ab\xe2\x82\xac");
	CHECK_STR(kb_node_text(&arena, r, 6), "ab\xe2\x82\xac" "c");
	CHECK_STR(kb_node_text(&arena, r, 0), "");
}

static void
test_tree__an_attribute_may_be_there_and_empty(void)
{
	struct kb_attr two = { KB_STR("x:b"), KB_STR("2"), NULL };
	struct kb_attr one = { KB_STR("a"), KB_STR(""), &two };
	struct kb_node *n = element(NULL, "r");
	bool found = false;

	n->attrs = &one;
	CHECK_INT(kb_node_attr(n, KB_STR("a"), &found).n, 0);
	CHECK(found);
	CHECK_STR(kb_node_attr(n, KB_STR("x:b"), NULL), "2");
	CHECK_INT(kb_node_attr(n, KB_STR("b"), &found).n, 0);
	CHECK(!found);
	CHECK_INT(kb_node_attr(n, KB_STR("A"), &found).n, 0);
	CHECK(!found);
}

/* Hostile depth: whoever walks must not recurse. */
static void
test_tree__a_million_levels_are_walked(void)
{
	struct kb_node *top = element(NULL, "r"), *at = top;
	const struct kb_node *n;
	size_t count = 0;

	for (int i = 0; i < 1000000; i++)
		at = kb_node_new(&arena, at, KB_NODE_ELEMENT);
	text(at, "deep");
	for (n = top; n != NULL; n = kb_node_next(n, top))
		count++;
	CHECK_INT(count, 1000002);
	CHECK_STR(kb_node_text(&arena, top, 10), "deep");
	kb_arena_reset(&arena);
}

/* Every node once, parents before children, whatever the shape. */
static void
test_tree__every_node_is_visited_once(void)
{
	struct kb_node *v[200], *n;

	for (int round = 0; round < 200; round++) {
		size_t count = 0;

		v[0] = element(NULL, "r");
		for (size_t i = 1; i < 200; i++)
			v[i] = element(v[chance_below(i)], "e");
		for (n = v[0]; n != NULL; n = kb_node_next(n, v[0])) {
			CHECK_INT(n->line, 0);
			CHECK(n->parent == NULL || n->parent->line == 1);
			n->line = 1;
			count++;
		}
		CHECK_INT(count, 200);
		kb_arena_reset(&arena);
	}
}

int
main(void)
{
	RUN(test_tree__a_node_is_hung_up_behind_its_siblings);
	RUN(test_tree__next_goes_in_document_order_and_stays_below);
	RUN(test_tree__skip_passes_over_what_is_below);
	RUN(test_tree__text_is_that_of_text_nodes_in_order);
	RUN(test_tree__text_is_cut_between_code_points);
	RUN(test_tree__an_attribute_may_be_there_and_empty);
	RUN(test_tree__a_million_levels_are_walked);
	RUN(test_tree__every_node_is_visited_once);
	kb_arena_release(&arena);
	return test_done();
}
