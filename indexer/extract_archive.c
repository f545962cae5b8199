/*
 * extract_archive: the members of a zip or tar, each read as if it were a
 * file in a folder of the archive's name.  Contract: extract_impl.h.
 */
#include "extract_impl.h"

#include "archive_members.h"

struct unpacking {
	struct kb_extract_job		*job;
	const struct kb_extract_opts	*outer;
	struct kb_archive		*archive;
	struct kb_member		 member;
	struct kb_buf			 path;	/* archive/member */
	size_t				 files;	/* members that were looked
						   at */
};

/* Something about a member that is no record. */
static enum kb_status
tell(struct unpacking *u, enum kb_level level, const char *code,
    const char *what, struct kb_err *err)
{
	struct kb_extract_job *j = u->job;
	struct kb_record *rec = kb_record_new(&j->arena);
	struct kb_diag_sink sink;
	enum kb_status status;

	if (rec == NULL)
		return kb_err_nomem(err);
	rec->dropped = true;
	rec->drop_reason = KB_STR("unreadable");
	sink = kb_record_sink(rec);
	kb_diag(&sink, level, code, 0, 0, "%s", what);
	status = kb_extract_send(j, rec, err);
	kb_arena_reset(&j->arena);
	return status;
}

static enum kb_status
read_member(struct unpacking *u, struct kb_err *err)
{
	struct kb_extract_job *j = u->job;
	struct kb_err why = { KB_OK, "" };
	struct kb_input *in = NULL;
	enum kb_status status;

	status = kb_archive_member(u->archive, &in, u->path.p, &why);
	if (status == KB_OK)
		status = kb_extract_file(j, in, &why);
	kb_input_close(in);
	if (!j->stopped && (status == KB_INPUT || status == KB_LIMIT))
		return kb_extract_refuse(j, "unreadable", why.msg, err);
	if (status != KB_OK && err != NULL)
		*err = why;
	return status;
}

static enum kb_status
take_member(struct unpacking *u, struct kb_err *err)
{
	const struct kb_member *m = &u->member;
	enum kb_status status = KB_OK;

	if (kb_extract_is_archive_name(m->name))
		return tell(u, KB_WARNING, "unreadable", "an archive inside "
		    "of an archive is not read: unpack it", err);
	if (!kb_extract_is_known_name(m->name))
		return KB_OK;
	u->files++;
	if (m->kind == KB_MEMBER_ENCRYPTED)
		return tell(u, KB_ERROR, "unreadable", "it is encrypted: "
		    "export without a password", err);
	if (m->renamed)
		status = tell(u, KB_WARNING, "member-name", "the archive "
		    "calls it by a name that no file should have (an absolute "
		    "one, one that leads up, control characters, or one that "
		    "is too long); it is known by this one", err);
	return status == KB_OK ? read_member(u, err) : status;
}

/* The job speaks of the member until the next one. */
static enum kb_status
enter(struct unpacking *u, struct kb_extract_opts *inner, struct kb_err *err)
{
	struct kb_extract_job *j = u->job;

	kb_buf_clear(&u->path);
	kb_buf_add(&u->path, u->outer->path);
	kb_buf_addch(&u->path, '/');
	kb_buf_add(&u->path, u->member.name);
	*inner = *u->outer;
	inner->path = kb_buf_str(&u->path);
	j->opts = inner;
	j->member = u->member.name;
	return kb_buf_check(&u->path, err);
}

static void
leave(struct unpacking *u)
{
	u->job->opts = u->outer;
	u->job->member = kb_str(NULL, 0);
}

static enum kb_status
read_all(struct unpacking *u, struct kb_err *err)
{
	struct kb_extract_unit unit = { .start = 0 };
	struct kb_extract_opts inner;
	enum kb_status status;
	bool end = false;

	for (;;) {
		status = kb_archive_next(u->archive, &u->member, &end, err);
		if (status != KB_OK || end)
			return status;
		if (u->member.kind == KB_MEMBER_OTHER)
			continue;
		unit.size = u->member.size;
		unit.member = u->member.name;
		if (!kb_extract_wants(u->job, &unit))
			continue;
		status = enter(u, &inner, err);
		if (status == KB_OK)
			status = take_member(u, err);
		leave(u);
		kb_arena_reset(&u->job->arena);
		if (status != KB_OK)
			return status;
	}
}

enum kb_status
kb_extract_archive(struct kb_extract_job *j, struct kb_input *in,
    struct kb_err *err)
{
	struct unpacking u = { .job = j, .outer = j->opts };
	struct kb_err why = { KB_OK, "" };
	enum kb_status status;

	status = kb_archive_open(&u.archive, in, &why);
	if (status == KB_OK)
		status = read_all(&u, &why);
	/* What was read before the break stays. */
	if (!j->stopped && (status == KB_INPUT || status == KB_LIMIT))
		status = kb_extract_refuse(j, "unreadable",
		    u.member.name.n == 0 ? why.msg : kb_arena_printf(
		    &j->arena, "behind the member '%.*s': %s",
		    KB_FMT(u.member.name), why.msg).p, &why);
	if (status != KB_OK && err != NULL)
		*err = why;
	kb_archive_close(u.archive);
	kb_buf_release(&u.path);
	return status;
}
