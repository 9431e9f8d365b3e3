// The tools beside Send.
const footState = ({ desk, data }) => {
  const { shared, reviewer, author } = desk.draft;
  return [data.asked, data.may, data.later, data.colleagues, shared, reviewer, author];
};

const footTools = (stage) => [laterTool(stage), templateTool(stage), reviewTool(stage)];
