package io.longwire.demo;

import android.content.Context;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ArrayAdapter;
import android.widget.Button;
import android.widget.EditText;
import android.widget.LinearLayout;
import android.widget.ListView;
import android.widget.TextView;

/** The views of the screen, made by hand: the apps have no layouts. The main thread's. */
final class Panel {
    private static final int EDGE_DP = 16;

    final Button alias;
    final Button tag;
    final Button uplink;

    private final LinearLayout root;
    private final TextView endpoint;
    private final TextView state;
    private final TextView route;
    private final TextView heartbeat;
    private final EditText input;
    private final ArrayAdapter<String> lines;

    Panel(Context context) {
        root = new LinearLayout(context);
        root.setOrientation(LinearLayout.VERTICAL);
        root.setFitsSystemWindows(true); // from Android 15 on the system draws its bars over the app
        int edge = Math.round(EDGE_DP * context.getResources().getDisplayMetrics().density);
        LinearLayout inner = new LinearLayout(context);
        inner.setOrientation(LinearLayout.VERTICAL);
        inner.setPadding(edge, edge, edge, edge);
        endpoint = row(inner, "Endpoint");
        endpoint.setTextIsSelectable(true);
        state = row(inner, "State");
        route = row(inner, "Route");
        heartbeat = row(inner, "Heartbeat");
        input = new EditText(context);
        input.setTag("Input");
        input.setHint("alias, tag or text");
        input.setSingleLine(true);
        inner.addView(input);
        LinearLayout buttons = new LinearLayout(context);
        alias = button(buttons, "Alias");
        tag = button(buttons, "Tag");
        uplink = button(buttons, "Uplink");
        inner.addView(buttons);
        lines = new ArrayAdapter<>(context, android.R.layout.simple_list_item_1);
        ListView list = new ListView(context);
        list.setTag("Lines");
        list.setAdapter(lines);
        inner.addView(list, new LinearLayout.LayoutParams(ViewGroup.LayoutParams.MATCH_PARENT, 0, 1));
        root.addView(inner, new LinearLayout.LayoutParams(ViewGroup.LayoutParams.MATCH_PARENT,
                ViewGroup.LayoutParams.MATCH_PARENT));
    }

    View root() {
        return root;
    }

    String text() {
        return input.getText().toString().trim();
    }

    void show(Board.View board) {
        endpoint.setText(board.endpoint);
        state.setText(board.state);
        route.setText(board.route);
        heartbeat.setText(board.heartbeat);
        lines.clear();
        lines.addAll(board.lines);
    }

    private static TextView row(LinearLayout into, String name) {
        LinearLayout row = new LinearLayout(into.getContext());
        TextView label = new TextView(into.getContext());
        label.setText(name);
        TextView value = new TextView(into.getContext());
        value.setTag(name);
        row.addView(label, new LinearLayout.LayoutParams(0, ViewGroup.LayoutParams.WRAP_CONTENT, 1));
        row.addView(value, new LinearLayout.LayoutParams(0, ViewGroup.LayoutParams.WRAP_CONTENT, 3));
        into.addView(row);
        return value;
    }

    private static Button button(LinearLayout into, String name) {
        Button button = new Button(into.getContext());
        button.setText(name);
        button.setTag(name);
        into.addView(button, new LinearLayout.LayoutParams(0, ViewGroup.LayoutParams.WRAP_CONTENT, 1));
        return button;
    }
}
